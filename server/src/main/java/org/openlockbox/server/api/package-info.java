@NullMarked
package org.openlockbox.server.api;

import org.jspecify.annotations.NullMarked;
