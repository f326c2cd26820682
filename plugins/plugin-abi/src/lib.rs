//! The C interface between the server and its plugins.
