/// `kill -9` at random moments under load, and what must still be true afterwards.
@NullMarked
package org.openlockbox.e2e.crash;

import org.jspecify.annotations.NullMarked;
