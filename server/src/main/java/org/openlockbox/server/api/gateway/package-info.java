/// The API of gateways and their authority.
@NullMarked
package org.openlockbox.server.api.gateway;

import org.jspecify.annotations.NullMarked;
