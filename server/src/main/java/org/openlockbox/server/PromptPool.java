package org.openlockbox.server;

import org.springframework.jdbc.core.simple.JdbcClient;

/// Connections for the questions for a lease, and for who asks: they wait for nobody's work or
/// disk. What is written here need not last. A type of its own, so that nobody is given the pool of
/// the work in its place.
public record PromptPool(JdbcClient jdbc) {}
