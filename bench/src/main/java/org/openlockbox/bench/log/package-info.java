/// Benchmarks of the tenant logs: the server's real code over a real PostgreSQL that it starts
/// itself, with rows for as many tenants as wanted.
@NullMarked
package org.openlockbox.bench.log;

import org.jspecify.annotations.NullMarked;
