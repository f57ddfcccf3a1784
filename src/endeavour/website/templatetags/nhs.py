"""The `{% nhs %}` tag: one NHS.UK component, its arguments checked."""

from django import template

register = template.Library()
