@NullMarked
package org.openlockbox.server.gateway;

import org.jspecify.annotations.NullMarked;
