using System.Collections.Concurrent;
using System.Diagnostics;
using AuthzGraph.Client;

namespace AuthzGraph.Server.Tests;

/// <summary>The server as its own process, as users run it, so that it can be killed.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _failures = [];

    private ServerProcess(Process process, Uri grpc, IReadOnlyList<string> lines)
    {
        (_process, Lines, Address) = (process, lines, grpc);
        Client = new AuthzGraphClient(grpc, TimeSpan.FromSeconds(30));
    }

    public int Id => _process.Id;

    /// <summary>Where gRPC is served.</summary>
    public Uri Address { get; }

    public AuthzGraphClient Client { get; }

    /// <summary>What it said when it started.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>The lines of its log that tell of errors of ours.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    public static Task<ServerProcess> StartAsync(params string[] arguments) => StartUnderAsync([], arguments);

    /// <summary>Starts it under another program, which is given the command to run: strace, say.</summary>
    /// <exception cref="InvalidOperationException">It ended before it served.</exception>
    public static async Task<ServerProcess> StartUnderAsync(string[] wrapper, string[] arguments)
    {
        ServerProcess server = await StartUnreadAsync(wrapper, arguments);
        server._process.ErrorDataReceived += (_, said) => server.Hear(said.Data);
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Starts it and leaves its log unread, until <see cref="ReadLogAsync"/>.</summary>
    public static Task<ServerProcess> StartUnreadAsync(params string[] arguments) => StartUnreadAsync([], arguments);

    /// <summary>What it has logged and what it logs until it ends.</summary>
    public Task<string> ReadLogAsync() => _process.StandardError.ReadToEndAsync();

    private static async Task<ServerProcess> StartUnreadAsync(string[] wrapper, string[] arguments)
    {
        Process process = Launch(wrapper, [.. arguments, "--port", "0", "--http-port", "0"]);
        if (wrapper is [KillPoint.Tracer, ..]) _ = Task.Run(() => HeldThreads.KillAsync(process));
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (!line.StartsWith("Ctrl-C", StringComparison.Ordinal)) continue;
            string grpc = lines.Single(l => l.TrimStart().StartsWith("gRPC", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            var server = new ServerProcess(process, new Uri(grpc), lines);
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return server;
        }
        await process.WaitForExitAsync();
        throw new InvalidOperationException($"The server did not start ({process.ExitCode}): {await process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Runs it with arguments that make it end by itself.</summary>
    public static async Task<(int Code, string Error)> RunAsync(params string[] arguments)
    {
        using Process process = Launch([], arguments);
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, error);
    }

    /// <summary>Runs it with arguments that make it print something and end.</summary>
    public static async Task<(int Code, string Output)> PrintAsync(params string[] arguments)
    {
        using Process process = Launch([], arguments);
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    /// <summary>SIGKILL: nothing of it runs any more.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    /// <summary>Whether it ended by itself in time.</summary>
    public bool EndsWithin(TimeSpan time) => _process.WaitForExit(time);

    /// <summary>SIGHUP, as `systemctl reload` and old habit send it.</summary>
    public void HangUp()
    {
        using Process kill = Process.Start("kill", ["-HUP", _process.Id.ToString()]);
        kill.WaitForExit();
    }

    /// <summary>SIGTERM, as a container's runtime sends it.</summary>
    public async Task<int> TerminateAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return _process.ExitCode;
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line?.StartsWith("fail:", StringComparison.Ordinal) == true) _failures.Enqueue(line);
    }

    private static Process Launch(string[] wrapper, string[] arguments)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string server = Path.Combine(AppContext.BaseDirectory, "AuthzGraph.Server.dll");
        string[] command = [.. HangUpSignal.Restored, .. wrapper, dotnet, "exec", server, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(Switches.Without(start)) ?? throw new InvalidOperationException("no process");
    }
}
