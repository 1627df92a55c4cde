"""Publishing of a merchant's own rules and playbooks: versions as rows, the same for every process on any machine.

``files`` what a version holds · ``rows`` its life · ``standing`` what holds for a shop · ``held`` what a process has
loaded · ``checks`` what a version must pass · ``shadow`` what one that only watches would have found.
"""
