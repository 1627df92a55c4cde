"""``worker``: the background process."""


def worker() -> None:
    """Run the background worker until SIGTERM or Ctrl-C.

    运行后台任务进程,直到收到 SIGTERM 或 Ctrl-C。
    """
    from functools import partial

    from copilot import logs
    from copilot.cli.importing import import_for_good, name_process
    from copilot.cli.running import run_for_long

    import_for_good("copilot.jobs.tasks")
    from copilot.flow.checkpoints import HOOKS
    from copilot.jobs.metrics_port import metrics_told
    from copilot.jobs.tasks import open_tasks
    from copilot.jobs.worker import run_worker
    from copilot.settings import load_settings

    settings = load_settings()
    logs.configure(settings.log_level)
    name_process("worker")
    with metrics_told(settings.metrics_port):
        run_for_long(run_worker(settings, tasks=partial(open_tasks, settings=settings), hooks=HOOKS))
