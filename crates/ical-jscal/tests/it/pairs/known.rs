//! Where we differ, and the rule that decides. Where no document is named, it is the
//! conversion draft in revision 25, by its section or by what it says on a property or member.

/// A conversion, the pointers or properties that differ, and the rule.
pub(super) type Known = (&'static str, &'static [&'static str], &'static str);

pub(super) const DRAFT: &[Known] = &[];

pub(super) const CALCARD: &[Known] = &[
    (
        "calcard-simple-4cbe8e back",
        &["Added DESCRIPTION"],
        "the text may be repeated without its tags (on description)",
    ),
    (
        "calcard-alert-329e46 back",
        &["Added DESCRIPTION"],
        "a DISPLAY alarm has a DESCRIPTION (RFC 5545, section 3.6.6)",
    ),
    (
        "calcard-alert-195e20 back",
        &["Added DESCRIPTION"],
        "a DISPLAY alarm has a DESCRIPTION (RFC 5545, section 3.6.6)",
    ),
    (
        "calcard-link-3188ac",
        &["links/2c42ac17-1eaf-5a75-a216-aef848785d79/rel"],
        "IMAGE has rel icon (on IMAGE); the pair is of an earlier revision",
    ),
    (
        "calcard-link-3188ac back",
        &["Added ATTACH", "Added JSPROP", "Lost IMAGE"],
        "rel is enclosure where there is none, which an ATTACH says (section 3.4); the pair is of an earlier revision",
    ),
    (
        "calcard-participant-1d4865",
        &["participants/251d3e9f-d83f-534c-8c45-c2896c75670c/roles"],
        "an organizer whom nobody else owns beside is owner (on ORGANIZER)",
    ),
    (
        "calcard-participant-1d4865 back",
        &["Added ATTENDEE"],
        "without the role of an owner a participant is no mere ORGANIZER (section 3.6)",
    ),
    (
        "calcard-participant-a53c70",
        &["participants/59eb121c-e8f2-558a-9049-ef750a5976bd/roles"],
        "an ORGANIZER with CN is owner (on ORGANIZER)",
    ),
    (
        "calcard-participant-e88eed",
        &["entries/0/participants/a19f19be-c464-5dcb-9851-9b656fcda246/roles/owner"],
        "an ORGANIZER with CN is owner (on ORGANIZER)",
    ),
    (
        "calcard-participant-e88eed 2",
        &["Added JSPROP", "Changed ATTENDEE"],
        "ROLE has one value (RFC 5545, section 3.2.16), the other is a JSPROP (section 3.6)",
    ),
    (
        "calcard-location-79687b back",
        &["Added GEO"],
        "the position may be repeated in GEO (section 3.5)",
    ),
    (
        "calcard-location-944d6e",
        &["Added GEO", "Added LOCATION", "Changed COORDINATES"],
        "a URI is not escaped (RFC 5545, section 3.3.13); name and position may be repeated (section 3.5)",
    ),
    (
        "calcard-location-944d6e 2",
        &["locations/loc1/coordinates"],
        "a URI is not escaped (RFC 5545, section 3.3.13)",
    ),
    (
        "calcard-date-7f6761 back",
        &["Changed EXDATE"],
        "the same instants; the oracle does not know the vendor's name of the zone",
    ),
    (
        "calcard-icalcomponent-bb229f",
        &["entries/0/links"],
        "URL is a link (on URL); the pair is of an earlier revision",
    ),
    (
        "calcard-complete-464333",
        &["Changed DTEND", "Changed DTSTART", "Lost SHOW-WITHOUT-TIME"],
        "midnights shown without time are dates (section 3.2)",
    ),
    (
        "calcard-complete-482169",
        &["Changed LOCATION"],
        "the main place is a LOCATION if that says all of it (section 3.5)",
    ),
    (
        "calcard-complete-482169 2",
        &["locations/1", "mainLocationId"],
        "a derived LOCATION is not converted (on LOCATION)",
    ),
    (
        "calcard-complete-0183c4",
        &[
            "Added DTEND",
            "Added DTSTART",
            "Added JSPROP",
            "Added LOCATION",
            "Added RDATE",
            "Added VLOCATION",
            "Lost DESCRIPTION",
        ],
        "a component of an occurrence is whole, and RDATE adds what the rule does not generate (RFC 5545, sections 3.8.4.4, 3.8.5.2); 2.0 reserves the description of a place",
    ),
    (
        "calcard-complete-0183c4 2",
        &[
            "locations/mlab/description",
            "recurrenceOverrides/2020-01-07T14:00:00/locations",
            "recurrenceOverrides/2020-06-25T09:00:00/locations",
            "recurrenceOverrides/2020-06-25T09:00:00/locations/auditorium",
            "recurrenceOverrides/2020-06-25T09:00:00/locations/mlab",
        ],
        "2.0 places have no description; what an occurrence lacks it does not have (RFC 5545, section 3.8.4.4)",
    ),
    (
        "calcard-complete-f5d445",
        &[
            "Added ATTENDEE",
            "Added CONFERENCE",
            "Added DTEND",
            "Added DTSTART",
            "Added JSPROP",
            "Added ORGANIZER",
            "Added SUMMARY",
            "Changed ATTENDEE",
        ],
        "a component of an occurrence is whole (RFC 5545, section 3.8.4.4); ROLE has one value (RFC 5545, section 3.2.16)",
    ),
    (
        "calcard-complete-f5d445 2",
        &[
            "recurrenceOverrides/2020-03-04T09:00:00/participants",
            "recurrenceOverrides/2020-03-04T09:00:00/participants/dG9tQGZvb2Jhci5xlLmNvbQ/participationStatus",
            "recurrenceOverrides/2020-03-04T09:00:00/participants/em9lQGZvb2GFtcGxlLmNvbQ",
            "recurrenceOverrides/2020-03-04T09:00:00/title",
            "recurrenceOverrides/2020-03-04T09:00:00/virtualLocations",
        ],
        "what an occurrence lacks it does not have (RFC 5545, section 3.8.4.4)",
    ),
];

pub(super) const CYRUS_3_13: &[Known] = &[
    (
        "01-utc",
        &["entries/0/iCalendar/properties"],
        "LAST-MODIFIED stays in the hatch (on LAST-MODIFIED)",
    ),
    (
        "09-alarms",
        &["entries/0/alerts/YWwtMw/iCalendar/properties/1/2"],
        "the type is uri (RFC 7265, section 3.4), not the name",
    ),
    (
        "11-conference-links",
        &[
            "entries/0/iCalendar/convertedProperties/links/aa899379-48e9-591a-90a9-035a873ad7e1/href",
        ],
        "URL is what export chooses for describedby, so nothing need be noted (section 3.4)",
    ),
    (
        "13-custom-timezone",
        &[
            "entries/0/iCalendar/convertedProperties/start",
            "entries/0/iCalendar/cyrusimap.org:unguessableTimezones",
        ],
        "the TZID is kept (section 5.1.1), and the zone in the group; the vendor has members of its own",
    ),
    (
        "15-status-class",
        &[
            "entries/0/iCalendar/convertedProperties",
            "entries/0/keywords/ D\"",
            "entries/0/keywords/\"C",
            "entries/0/keywords/\"C, D\"",
        ],
        "quotes mean nothing in TEXT (RFC 5545, section 3.3.11); LANGUAGE is kept (section 5.1.1)",
    ),
    (
        "21-allday-no-end-rrule",
        &["entries/0/duration"],
        "a date lasts a day (RFC 5545, section 3.6.1)",
    ),
    (
        "25-google",
        &[
            "entries/0/iCalendar/convertedProperties/participants/d1385423-6824-50f0-a588-db61ec68e7d4/calendarAddress",
            "entries/0/iCalendar/properties",
        ],
        "what does not convert is kept, LAST-MODIFIED and X- parameters too (section 5.1.1)",
    ),
    ("27-rscale", &["entries/0/duration"], "a date lasts a day (RFC 5545, section 3.6.1)"),
    (
        "29-participant-comp",
        &[
            "entries/0/participants/869a1cf9-851e-5662-b2f5-148718646fd8/iCalendar/convertedProperties",
            "entries/0/participants/869a1cf9-851e-5662-b2f5-148718646fd8/iCalendar/properties",
            "entries/0/participants/869a1cf9-851e-5662-b2f5-148718646fd8/name",
            "entries/0/participants/cGEtMg/iCalendar/properties",
        ],
        "which of two names counts is free (on ORGANIZER): ATTENDEE's; SUMMARY converts, so it is not kept as it is (on SUMMARY)",
    ),
    (
        "61-alerts",
        &[
            "Added DESCRIPTION",
            "Added SUMMARY",
            "Changed DESCRIPTION",
            "Changed RELATED-TO",
            "Lost ATTENDEE",
        ],
        "a made-up text is marked with DERIVED (RFC 9073, section 5.3); nobody is made up who gets a mail; UIDs are free",
    ),
    (
        "63-locations",
        &["Added GEO"],
        "the position of the main place may be repeated (section 3.5)",
    ),
    (
        "67-html-description",
        &["Added DESCRIPTION"],
        "the text may be repeated without its tags (on description)",
    ),
    (
        "69-keywords",
        &["Changed CATEGORIES", "Lost CATEGORIES"],
        "a comma in a keyword is escaped (RFC 5545, section 3.3.11), an empty one is nothing",
    ),
    (
        "91-participants-ok",
        &["Added JSPROP", "Added PARTICIPANT-TYPE", "Lost SUMMARY"],
        "ROLE has one value (RFC 5545, section 3.2.16), the others are JSPROPs (section 3.6); PARTICIPANT-TYPE is demanded (RFC 9073, section 7.1); CN has the name",
    ),
    (
        "97-participants-no-organizer",
        &["Lost ORGANIZER"],
        "the server makes its user the organizer",
    ),
    (
        "09-alarms back",
        &["Changed ATTACH"],
        "a type that jCal does not have (RFC 7265, section 3.4) is written as it stands",
    ),
    ("13-custom-timezone back", &["Changed DTSTART"], "the answer has lost the zone"),
    (
        "15-status-class back",
        &["Changed CATEGORIES", "Lost CATEGORIES"],
        "the answer has a keyword with quotes, and has lost LANGUAGE",
    ),
    ("23-jsprop back", &["Lost JSPROP"], "the answer has lost a member whose parent is not there"),
    ("25-google back", &["Changed ATTENDEE"], "the answer has lost a parameter"),
    (
        "29-participant-comp back",
        &["Added SUMMARY", "Changed ATTENDEE", "Changed DESCRIPTION"],
        "the answer has one of the two names, and keeps SUMMARY although it converts",
    ),
    (
        "69-keywords back",
        &["keywords/", "keywords/ three", "keywords/two", "keywords/two, three"],
        "the answer splits a keyword at its comma",
    ),
    (
        "79-text-escapes back",
        &["description"],
        "a line break in TEXT is one (RFC 5545, section 3.3.11), whatever it was made of",
    ),
    (
        "91-participants-ok back",
        &[
            "participants/me/roles/attendee",
            "participants/v/roles/contact",
            "participants/v/roles/required",
            "participants/v/sentBy",
        ],
        "the answer has lost roles; sentBy is an address without mailto (JSCalendar 2.0, on Participant)",
    ),
    (
        "97-participants-no-organizer back",
        &[
            "organizerCalendarAddress",
            "participants/a/calendarAddress",
            "participants/a/roles/optional",
            "participants/a/roles/owner",
        ],
        "the server makes its user the organizer",
    ),
    (
        "99-override-outside-tz back",
        &["recurrenceOverrides/2026-03-03T09:00:00/uid"],
        "a uid is no part of a patch (JSCalendar 2.0, on recurrenceOverrides)",
    ),
];

pub(super) const CYRUS_3_12: &[Known] = &[
    (
        "09-alarms",
        &[
            "alerts/al-5/relatedTo/al-4/relation/parent",
            "alerts/al-5/relatedTo/al-4/relation/snooze",
        ],
        "1.0 has no snooze; the draft (revision 12, on RELATED-TO) has parent for it",
    ),
    (
        "11-conference-links",
        &[
            "links/71958a54cd9174211e556d191c73088a5b703ef7/rel",
            "links/d1590f72-a719-541c-9e03-eec16f12d29e",
            "virtualLocations/2d0b8cdfa61241ac66b1d24fe8cd35c80cbff8f9/features",
        ],
        "URL has no rel in 1.0 (revision 12, on URL); IMAGE and FEATURE are mapped there",
    ),
    (
        "13-custom-timezone",
        &["timeZone", "timeZones"],
        "1.0 brings such a zone along (RFC 8984, section 4.7.2); +03:15 is not Etc/GMT-3",
    ),
    (
        "15-status-class",
        &[
            "categories",
            "keywords/ D\"",
            "keywords/\"C",
            "keywords/\"C, D\"",
            "privacy",
            "relatedTo/sib@example.com/relation/sibling",
        ],
        "quotes mean nothing in TEXT (RFC 5545, section 3.3.11); CONCEPT, CLASS and each RELTYPE are mapped (revision 12)",
    ),
    (
        "21-allday-no-end-rrule",
        &["duration", "recurrenceRules/0/until"],
        "a date lasts a day (RFC 5545, section 3.6.1); UNTIL as a date is its midnight (section 2.1.5)",
    ),
    ("27-rscale", &["duration"], "a date lasts a day (RFC 5545, section 3.6.1)"),
    (
        "29-participant-comp",
        &[
            "description",
            "descriptionContentType",
            "participants/f6e1655b987a1a3b2352700cc6e3217018c9f3b0/description",
            "participants/f6e1655b987a1a3b2352700cc6e3217018c9f3b0/roles/speaker",
            "participants/f6e1655b987a1a3b2352700cc6e3217018c9f3b0/scheduleStatus",
            "participants/pa-2",
        ],
        "STYLED-DESCRIPTION and PARTICIPANT are mapped, its PARTICIPANT-TYPE to a role (revision 12); a schedule status is the server's own",
    ),
    (
        "53-showWithoutTime-tz",
        &["Added SHOW-WITHOUT-TIME"],
        "SHOW-WITHOUT-TIME (iCalendar extensions for JSCalendar, revision 6); X-JMAP- is private",
    ),
    (
        "55-endtimezone",
        &["Added JSPROP"],
        "what has no counterpart is a JSPROP (section 4.1.2); X-JMAP- is private",
    ),
    (
        "59-participants",
        &["Added PARTICIPANT", "Changed ATTENDEE", "Lost ATTACH"],
        "a PARTICIPANT says what ATTENDEE cannot (revision 12); X- parameters are private",
    ),
    (
        "61-alerts",
        &["Changed DESCRIPTION", "Changed SUMMARY", "Lost ATTENDEE"],
        "a made-up text is marked with DERIVED (RFC 9073, section 5.3); nobody is made up who gets a mail",
    ),
    (
        "63-locations",
        &["Added VLOCATION", "Changed LOCATION", "Lost ATTACH"],
        "a VLOCATION says what LOCATION cannot (section 3.5); X- parameters are private",
    ),
    ("65-virtual", &["Added JSPROP"], "what has no counterpart is a JSPROP (section 4.1.2)"),
    (
        "69-keywords",
        &["Added CONCEPT", "Changed CATEGORIES", "Lost CATEGORIES"],
        "a comma in a keyword is escaped (RFC 5545, section 3.3.11), an empty one is nothing; categories are CONCEPTs (on categories)",
    ),
    ("71-localizations", &["Added JSPROP"], "what has no counterpart is a JSPROP (section 4.1.2)"),
    ("89-missing-types", &["Lost ORGANIZER"], "the server makes its user the organizer"),
    (
        "07-thisandfuture back",
        &["Changed RECURRENCE-ID"],
        "the answer has one occurrence in place of all that follow",
    ),
    (
        "09-alarms back",
        &[
            "Added DESCRIPTION",
            "Changed ACTION",
            "Changed DESCRIPTION",
            "Changed SUMMARY",
            "Lost ATTACH",
            "Lost ATTENDEE",
            "Lost DURATION",
            "Lost REPEAT",
            "Lost X-WR-ALARMUID",
        ],
        "the answer has lost what alarms of 1.0 have no members for; a made-up text is marked with DERIVED (RFC 9073, section 5.3)",
    ),
    (
        "11-conference-links back",
        &["Changed CONFERENCE", "Lost IMAGE", "Lost LINK"],
        "the answer has lost features, an image and a link",
    ),
    (
        "13-custom-timezone back",
        &["Changed DTEND", "Changed DTSTART"],
        "the answer has another zone",
    ),
    (
        "15-status-class back",
        &[
            "Changed CATEGORIES",
            "Lost CATEGORIES",
            "Lost CLASS",
            "Lost CONCEPT",
            "Lost REFID",
            "Lost RELATED-TO",
        ],
        "the answer has a keyword with quotes, and has lost the rest",
    ),
    (
        "21-allday-no-end-rrule back",
        &[
            "Added SHOW-WITHOUT-TIME",
            "Changed DTEND",
            "Changed DTSTART",
            "Changed EXDATE",
            "Changed RDATE",
            "Changed RRULE",
        ],
        "the answer ends its rule at 23:59:59, and dates have no times (section 3.2)",
    ),
    (
        "23-jsprop back",
        &["Changed ATTENDEE", "Lost JSPROP"],
        "the answer has lost what JSPROP says, and spells out that no reply is expected",
    ),
    (
        "25-google back",
        &[
            "Added ATTENDEE",
            "Changed ATTENDEE",
            "Lost CLASS",
            "Lost X-GOOGLE-CONFERENCE",
            "Lost X-MICROSOFT-CDO-OWNERAPPTID",
            "Lost X-WR-TIMEZONE",
        ],
        "the answer has lost properties and parameters; an organizer with a status is no mere ORGANIZER (section 3.6)",
    ),
    ("27-rscale back", &["Changed DTEND"], "the answer has days without a length"),
    (
        "29-participant-comp back",
        &[
            "Added ATTENDEE",
            "Changed ATTENDEE",
            "Changed DESCRIPTION",
            "Lost PARTICIPANT",
            "Lost STYLED-DESCRIPTION",
            "Lost VRESOURCE",
        ],
        "the answer has lost the components; an organizer with a status is no mere ORGANIZER (section 3.6)",
    ),
    ("53-showWithoutTime-tz back", &["showWithoutTime"], "X-JMAP- is private"),
    (
        "55-endtimezone back",
        &["locations/e/relativeTo", "locations/e/timeZone", "locations/end"],
        "DTEND has the zone of a place of its own (revision 12, on DTEND); X- parameters are private",
    ),
    (
        "59-participants back",
        &[
            "links",
            "participants/sp/description",
            "participants/sp/links",
            "participants/v/locationId",
            "participants/v/participationComment",
        ],
        "X- parameters are private",
    ),
    (
        "61-alerts back",
        &["alerts/c/relatedTo"],
        "RELATED-TO has the UID of the other VALARM (section 3.1), not its private id",
    ),
    (
        "63-locations back",
        &["links", "locations/a/description", "locations/b", "locations/c"],
        "X-JMAP- is private",
    ),
    ("65-virtual back", &["virtualLocations/v/description"], "the answer has lost the description"),
    (
        "69-keywords back",
        &["categories", "keywords/three", "keywords/two", "keywords/two, three"],
        "the answer splits a keyword at its comma, and has lost the categories",
    ),
    ("71-localizations back", &["localizations"], "the answer has lost them"),
    (
        "89-missing-types back",
        &["participants/d1385423-6824-50f0-a588-db61ec68e7d4", "replyTo"],
        "the server makes its user the organizer",
    ),
];
