@NullMarked
package org.openlockbox.server.tenant;

import org.jspecify.annotations.NullMarked;
