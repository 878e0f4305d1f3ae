//! Discrete-event simulation of one vLLM-like server.
