@NullMarked
package org.openlockbox.cli.profile;

import org.jspecify.annotations.NullMarked;
