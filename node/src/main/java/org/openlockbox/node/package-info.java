@NullMarked
package org.openlockbox.node;

import org.jspecify.annotations.NullMarked;
