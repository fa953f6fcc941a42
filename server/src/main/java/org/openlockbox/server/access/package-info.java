@NullMarked
package org.openlockbox.server.access;

import org.jspecify.annotations.NullMarked;
