package org.openlockbox.postgres;

import java.util.function.LongSupplier;
import org.openlockbox.net.Loops;
import org.openlockbox.postgres.relay.Upstream;
import org.openlockbox.postgres.statement.StatementFilters;

/// What every session by PostgreSQL's protocol is given.
///
/// @param loops gives each session its loop
record TrafficEnvironment(
    Loops loops,
    Upstream upstream,
    StatementFilters filters,
    CancelKeys cancelKeys,
    LongSupplier nanoTime) {}
