/// Whether a gateway can do its work, and what keeps it from it.
@NullMarked
package org.openlockbox.gateway.condition;

import org.jspecify.annotations.NullMarked;
