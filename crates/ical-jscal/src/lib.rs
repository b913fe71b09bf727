//! Lossless conversion between iCalendar and JSCalendar.
