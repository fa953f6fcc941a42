@NullMarked
package org.openlockbox.server.log.memory;

import org.jspecify.annotations.NullMarked;
