@NullMarked
package org.openlockbox.cli.connect;

import org.jspecify.annotations.NullMarked;
