//! Tests of the model through its public interface.

mod golden;
mod shared_data;
