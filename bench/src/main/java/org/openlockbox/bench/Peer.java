package org.openlockbox.bench;

import java.util.Map;

/// One way to the same rows: a name and the libpq environment that leads there.
record Peer(String name, Map<String, String> environment) {}
