/// Sends spans of the node's parts to a collector of traces.
@NullMarked
package org.openlockbox.node.trace;

import org.jspecify.annotations.NullMarked;
