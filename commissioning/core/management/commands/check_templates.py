"""Parse every template of the project, so that a mistyped tag is found before anyone opens the page."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template import TemplateSyntaxError, engines
from django.template.backends.django import DjangoTemplates


class Command(BaseCommand):
    help = "Parse every template of the project."

    def handle(self, *args: Any, **options: Any) -> None:
        engine = engines["django"]
        if not isinstance(engine, DjangoTemplates):
            raise CommandError("The first template engine is not Django's.")
        names = sorted(self._names(engine))
        faults = []
        for name in names:
            try:
                engine.engine.get_template(name)
            except (TemplateSyntaxError, UnicodeDecodeError) as error:
                faults.append(f"{name}: {error}")
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write(f"{len(names)} templates parse.")

    def _names(self, engine: DjangoTemplates) -> set[str]:
        """The project's own templates, by the name they are loaded under. Pictures and the like are not templates."""
        root = Path(settings.BASE_DIR)
        folders = [Path(folder) for folder in engine.template_dirs]
        ours = [folder for folder in folders if folder.is_relative_to(root) and ".venv" not in folder.parts]
        return {
            str(file.relative_to(folder))
            for folder in ours
            for file in folder.rglob("*")
            if file.suffix in {".html", ".txt", ".svg", ".xml"}
        }
