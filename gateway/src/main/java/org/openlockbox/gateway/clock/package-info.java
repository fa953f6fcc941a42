/// The clocks of the machine, and what a gateway believes of them.
@NullMarked
package org.openlockbox.gateway.clock;

import org.jspecify.annotations.NullMarked;
