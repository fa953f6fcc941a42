/// The product as people meet it: the real programs, started and typed.
@NullMarked
package org.openlockbox.e2e;

import org.jspecify.annotations.NullMarked;
