@NullMarked
package org.openlockbox.cli.command.policy;

import org.jspecify.annotations.NullMarked;
