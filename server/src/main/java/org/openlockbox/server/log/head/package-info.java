/// What was signed last of each log.
@NullMarked
package org.openlockbox.server.log.head;

import org.jspecify.annotations.NullMarked;
