@NullMarked
package org.openlockbox.server.problem;

import org.jspecify.annotations.NullMarked;
