/// PostgreSQL clusters that the node itself runs: unpacking, initdb, start, stop, and what is left
/// after a kill.
@NullMarked
package org.openlockbox.node.postgres;

import org.jspecify.annotations.NullMarked;
