@NullMarked
package org.openlockbox.server.log;

import org.jspecify.annotations.NullMarked;
