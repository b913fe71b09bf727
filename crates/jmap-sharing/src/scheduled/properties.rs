//! The names of the properties that events and tasks have in common.

/// An open enumeration of the properties of a [scheduled](crate::scheduled) data type: those that are given, and those of
/// JSCalendar that events and tasks share. Asked for in version 1.0, what is said there by another property is that one.
///
/// ```
/// jmap_sharing::scheduled_properties! {
///     /// A property of a meal.
///     pub enum MealProperty { Id = "id", Course = "course" }
/// }
///
/// assert_eq!(MealProperty::Course.as_str(), "course");
/// assert_eq!(MealProperty::TimeZone.as_str(), "timeZone");
/// ```
#[macro_export]
macro_rules! scheduled_properties {
    ($(#[$meta:meta])* $visibility:vis enum $name:ident {
        $($own:ident = $text:literal $(was $old:literal)?),* $(,)?
    }) => {
        $crate::jmap_core::json_model::name_enum! {
            $(#[$meta])*
            $visibility enum $name {
                $($own = $text $(was $old)?,)*
                Type = "@type",
                Version = "version" was "@type",
                Uid = "uid",
                RelatedTo = "relatedTo",
                ProdId = "prodId",
                Created = "created",
                Updated = "updated",
                Sequence = "sequence",
                Title = "title",
                Description = "description",
                DescriptionContentType = "descriptionContentType",
                ShowWithoutTime = "showWithoutTime",
                Locations = "locations",
                MainLocationId = "mainLocationId" was "locations",
                VirtualLocations = "virtualLocations",
                Links = "links",
                Locale = "locale",
                Keywords = "keywords",
                Categories = "categories",
                Color = "color",
                RecurrenceId = "recurrenceId",
                RecurrenceIdTimeZone = "recurrenceIdTimeZone",
                RecurrenceRule = "recurrenceRule" was "recurrenceRules",
                RecurrenceOverrides = "recurrenceOverrides",
                Priority = "priority",
                FreeBusyStatus = "freeBusyStatus",
                Privacy = "privacy",
                OrganizerCalendarAddress = "organizerCalendarAddress" was "replyTo",
                SentBy = "sentBy",
                Participants = "participants",
                Alerts = "alerts",
                TimeZone = "timeZone",
                Start = "start",
                ICalendar = "iCalendar",
            }
        }
    };
}
