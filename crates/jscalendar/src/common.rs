//! The properties that events and tasks share: one list for both types, and [`Common`] for code that takes either.

/// Defines [`Event`](crate::Event) or [`Task`](crate::Task): the shared properties and those of its own.
macro_rules! entry {
    (
        $(#[$meta:meta])*
        $name:ident: $type:literal, $lift:path {
            $($(#[$field_meta:meta])* $member:literal $(($only:ident))? $field:ident: $field_type:ty,)*
        }
    ) => {
        crate::common::with_common! { crate::common::entry_fields { $(#[$meta])* $name { $($(#[$field_meta])* $field: $field_type,)* } } }

        json_model::members! {
            $name: $type always {
                "version" (V2_0) => version,
                "uid" => uid,
                "prodId" => prod_id,
                "created" => created,
                "updated" => updated,
                "sequence" => sequence,
                "method" => method,
                "title" => title,
                "description" => description,
                "descriptionContentType" => description_content_type,
                $($member $(($only))? => $field,)*
                "timeZone" => time_zone,
                "showWithoutTime" => show_without_time,
                "recurrenceId" => recurrence_id,
                "recurrenceIdTimeZone" => recurrence_id_time_zone,
                "recurrenceRule" (V2_0) => recurrence_rule,
                "recurrenceOverrides" => recurrence_overrides,
                "locations" => locations,
                "mainLocationId" (V2_0) => main_location_id,
                "virtualLocations" => virtual_locations,
                "links" => links,
                "locale" => locale,
                "keywords" => keywords,
                "categories" => categories,
                "color" => color,
                "relatedTo" => related_to,
                "priority" => priority,
                "freeBusyStatus" => free_busy_status,
                "privacy" => privacy,
                "organizerCalendarAddress" (V2_0) => organizer_calendar_address,
                "sentBy" => sent_by,
                "participants" => participants,
                "alerts" => alerts,
                "iCalendar" => i_calendar,
            }
            legacy: legacy as EntryLegacy
            finish: $lift;
            extra
        }

        crate::common::with_common! { crate::common::impl_common { $name } }
    };
}

/// Hands the list of shared fields to another macro, behind what that macro needs for itself.
macro_rules! with_common {
    ($($callback:ident)::+ { $($input:tt)* }) => {
        $($callback)::+! {
            { $($input)* }
            /// The version of JSCalendar that the object follows (2.0, section 4.1.2). On stand-alone objects only: the
            /// entries of a [`Group`](crate::Group) have the group's.
            version: Option<crate::Version>,
            /// The identifier that stays the same for all times and everywhere (RFC 8984, section 4.1.2).
            uid: Option<String>,
            /// Relations to other objects, by their uid (RFC 8984, section 4.1.3).
            related_to: crate::Map<String, crate::Relation>,
            /// The product that wrote the object last (RFC 8984, section 4.1.4).
            prod_id: Option<String>,
            /// When the object was created (RFC 8984, section 4.1.5).
            created: Option<crate::UtcDateTime>,
            /// When the object was last changed (RFC 8984, section 4.1.6). The standard demands it.
            updated: Option<crate::UtcDateTime>,
            /// How many times the organizer has revised it; 0 if absent (RFC 8984, section 4.1.7).
            sequence: Option<u64>,
            /// The iTIP method, in scheduling messages only (RFC 8984, section 4.1.8).
            method: Option<crate::Method>,
            /// A short summary (RFC 8984, section 4.2.1).
            title: Option<String>,
            /// A longer text, of the type that `description_content_type` says (RFC 8984, section 4.2.2).
            description: Option<String>,
            /// The media type of `description`; `text/plain` if absent (RFC 8984, section 4.2.3).
            description_content_type: Option<String>,
            /// Whether people should not be shown the time of day ("all-day"); false if absent
            /// (RFC 8984, section 4.2.4).
            show_without_time: Option<bool>,
            /// The places (RFC 8984, section 4.2.5).
            locations: crate::Map<crate::Id, crate::Location>,
            /// The key of the place in `locations` to show where only one can be shown (2.0 only).
            main_location_id: Option<crate::Id>,
            /// The places in the net: conferences, chat rooms, telephone numbers (RFC 8984, section 4.2.6).
            virtual_locations: crate::Map<crate::Id, crate::VirtualLocation>,
            /// Attachments, images and other resources (RFC 8984, section 4.2.7).
            links: crate::Map<crate::Id, crate::Link>,
            /// The language of the texts, a language tag of RFC 5646 (RFC 8984, section 4.2.8).
            locale: Option<String>,
            /// Free keywords (RFC 8984, section 4.2.9).
            keywords: crate::Set<String>,
            /// Categories, which are URIs (RFC 8984, section 4.2.10).
            categories: crate::Set<String>,
            /// A CSS colour name or `#rrggbb` (RFC 8984, section 4.2.11).
            color: Option<String>,
            /// Which occurrence of a series this object stands for, in the time zone `recurrence_id_time_zone`
            /// (RFC 8984, section 4.3.1).
            recurrence_id: Option<crate::LocalDateTime>,
            /// The time zone of `recurrence_id`; none if it is floating (RFC 8984, section 4.3.2).
            recurrence_id_time_zone: Option<crate::TimeZoneId>,
            /// The rule of a series (2.0; `recurrenceRules` in RFC 8984, section 4.3.3).
            recurrence_rule: Option<Box<crate::RecurrenceRule>>,
            /// What is different about single occurrences, by their start in the series' time zone
            /// (RFC 8984, section 4.3.5).
            recurrence_overrides: crate::Map<crate::LocalDateTime, crate::PatchObject>,
            /// 1 (highest) to 9 (lowest); 0 or absent for undefined (RFC 8984, section 4.4.1).
            priority: Option<i64>,
            /// Whether the time counts as busy; `busy` if absent (RFC 8984, section 4.4.2).
            free_busy_status: Option<crate::FreeBusyStatus>,
            /// Who may see what; `public` if absent (RFC 8984, section 4.4.3).
            privacy: Option<crate::Privacy>,
            /// The calendar address of the organizer, a URI such as `mailto:ann@example.com` (2.0; `replyTo` in
            /// RFC 8984, section 4.4.4).
            organizer_calendar_address: Option<String>,
            /// The mail address that the object was sent from, if it is not the organizer's (RFC 8984, section 4.4.5).
            sent_by: Option<String>,
            /// The people, groups, rooms and things that take part (RFC 8984, section 4.4.6).
            participants: crate::Map<crate::Id, crate::Participant>,
            /// Reminders (RFC 8984, section 4.5.2).
            alerts: crate::Map<crate::Id, crate::Alert>,
            /// The time zone of all local times; without one they are floating (RFC 8984, section 4.7.1).
            time_zone: Option<crate::TimeZoneId>,
            /// What a conversion from iCalendar could say nowhere else (the member `iCalendar` of the conversion
            /// draft, an `ICalComponent`); plain JSON, which the crate `ical-jscal` reads and writes.
            i_calendar: Option<crate::Json>,
            /// What only version 1.0 has and 2.0 has no equivalent for.
            legacy: Option<Box<crate::EntryLegacy>>,
            /// Members that the standard does not define, and members whose value is of the wrong type or form.
            extra: crate::Map<String, crate::Json>,
        }
    };
}

macro_rules! entry_fields {
    (
        { $(#[$meta:meta])* $name:ident { $($(#[$own_meta:meta])* $own:ident: $own_type:ty,)* } }
        $($(#[$field_meta:meta])* $field:ident: $field_type:ty,)*
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$own_meta])* pub $own: $own_type,)*
            $($(#[$field_meta])* pub $field: $field_type,)*
        }
    };
}

macro_rules! define_common {
    ({} $($(#[$field_meta:meta])* $field:ident: $field_type:ty,)*) => {
        /// The properties that [`Event`](crate::Event) and [`Task`](crate::Task) share, for code that takes either.
        ///
        /// Each method hands out the field of the same name.
        ///
        /// ```
        /// use jscalendar::{Common, Event, Task};
        ///
        /// fn tag(entry: &mut impl Common, keyword: &str) {
        ///     entry.common_mut().keywords.insert(keyword.to_owned());
        /// }
        ///
        /// let mut event = Event::new("e1", "2026-03-01T09:00:00".parse()?);
        /// let mut task = Task::new("t1");
        /// tag(&mut event, "work");
        /// tag(&mut task, "work");
        /// assert!(event.keywords.contains("work") && task.keywords.contains("work"));
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        pub trait Common: crate::Object {
            /// The shared fields, to read.
            fn common(&self) -> CommonRef<'_>;

            /// The shared fields, to change.
            fn common_mut(&mut self) -> CommonMut<'_>;
        }

        /// The shared fields of an [`Event`](crate::Event) or [`Task`](crate::Task), to read.
        #[derive(Clone, Copy, Debug)]
        #[non_exhaustive]
        pub struct CommonRef<'a> {
            $($(#[$field_meta])* pub $field: &'a $field_type,)*
        }

        /// The shared fields of an [`Event`](crate::Event) or [`Task`](crate::Task), to change.
        #[derive(Debug)]
        #[non_exhaustive]
        pub struct CommonMut<'a> {
            $($(#[$field_meta])* pub $field: &'a mut $field_type,)*
        }

        impl CommonMut<'_> {
            /// Exchanges all shared fields with those of `other`, for example to make a task of an event.
            pub fn swap(&mut self, other: &mut CommonMut<'_>) {
                $(std::mem::swap(self.$field, other.$field);)*
            }
        }
    };
}

macro_rules! impl_common {
    ({ $name:ident } $($(#[$field_meta:meta])* $field:ident: $field_type:ty,)*) => {
        impl crate::Common for $name {
            fn common(&self) -> crate::common::CommonRef<'_> {
                crate::common::CommonRef { $($field: &self.$field,)* }
            }

            fn common_mut(&mut self) -> crate::common::CommonMut<'_> {
                crate::common::CommonMut { $($field: &mut self.$field,)* }
            }
        }
    };
}

pub(crate) use {entry, entry_fields, impl_common, with_common};

with_common! { define_common {} }
