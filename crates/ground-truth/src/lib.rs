//! Measured runs of an inference server as one type.
