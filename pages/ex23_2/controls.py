"""The controls of page 23.2."""

from pages.shared.controls import Controls

controls = Controls("ex23_2")
