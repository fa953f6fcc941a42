/// How a node writes its log: for people, or as JSON for a collector.
@NullMarked
package org.openlockbox.node.logging;

import org.jspecify.annotations.NullMarked;
