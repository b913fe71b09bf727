//! Time zones that bring their own rules (RFC 8984, section 4.7.2; RFC 5545, section 3.6.5).
