@NullMarked
package org.openlockbox.verify;

import org.jspecify.annotations.NullMarked;
