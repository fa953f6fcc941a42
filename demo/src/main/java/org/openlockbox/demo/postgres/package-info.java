/// PostgreSQL clusters that the demo runs: unpacking, initdb, start, stop, and what is left after a
/// kill.
@NullMarked
package org.openlockbox.demo.postgres;

import org.jspecify.annotations.NullMarked;
