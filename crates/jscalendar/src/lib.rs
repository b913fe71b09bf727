//! The JSCalendar data model (RFC 8984 and JSCalendar 2.0): events, tasks and groups.
