/// What a protocol gives a gateway, and what it is given.
@NullMarked
package org.openlockbox.gateway.protocol;

import org.jspecify.annotations.NullMarked;
