@NullMarked
package org.openlockbox.server.notify;

import org.jspecify.annotations.NullMarked;
