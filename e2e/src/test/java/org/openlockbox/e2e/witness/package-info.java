/// Witnesses beside a node: what they must have seen, and what new log keys ask of them. These
/// classes mostly wait, and the order of the names lets them begin first.
@NullMarked
package org.openlockbox.e2e.witness;

import org.jspecify.annotations.NullMarked;
