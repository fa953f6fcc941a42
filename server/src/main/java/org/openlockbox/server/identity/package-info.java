@NullMarked
package org.openlockbox.server.identity;

import org.jspecify.annotations.NullMarked;
