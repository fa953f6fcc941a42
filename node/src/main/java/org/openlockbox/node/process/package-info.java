/// What a program needs of the machine it runs on: ports, a lock, an orderly end, and words for
/// what cannot be done.
@NullMarked
package org.openlockbox.node.process;

import org.jspecify.annotations.NullMarked;
