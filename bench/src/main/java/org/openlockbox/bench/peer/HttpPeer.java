package org.openlockbox.bench.peer;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// One way to the same service over HTTP.
///
/// @param base where it begins, such as `https://127.0.0.1:4711`
/// @param headers for this level: what each group of connections shows, nothing where nobody asks
/// @param between the process that stands in between
public record HttpPeer(
    String name,
    String base,
    Function<String, List<String>> headers,
    Optional<ProcessHandle> between) {}
