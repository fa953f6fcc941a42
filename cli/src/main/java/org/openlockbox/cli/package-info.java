@NullMarked
package org.openlockbox.cli;

import org.jspecify.annotations.NullMarked;
