//! Content lines of RFC 5545 and RFC 6350: parse, unfold, escape, write.
