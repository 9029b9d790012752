using System.Security.Cryptography;

namespace AuthzGraph.Server.Security;

/// <summary>
/// Looks at some files every now and then, and says when what is in them has changed. They are read, not asked for their times: a
/// secret that Kubernetes mounts is a link whose own time never changes.
/// </summary>
internal sealed class FileWatch : IAsyncDisposable
{
    private readonly List<Watched> _watched = [];
    private readonly CancellationTokenSource _ends = new();
    private readonly SemaphoreSlim _asked = new(0);
    private Task _running = Task.CompletedTask;

    private sealed class Watched(Func<IEnumerable<string>> files, Action changed)
    {
        private byte[] _seen = Digest(files());

        public void Look()
        {
            byte[] now = Digest(files());
            if (now.AsSpan().SequenceEqual(_seen)) return;
            _seen = now;     // before they are read, so that a change while they are is noticed
            changed();
        }

        private static byte[] Digest(IEnumerable<string> files)
        {
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (string file in files.ToArray()) digest.AppendData(Content(file));
            return digest.GetHashAndReset();
        }

        // a file that is away for a moment is being replaced
        private static byte[] Content(string file)
        {
            try
            {
                return SHA256.HashData(File.ReadAllBytes(file));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return [];
            }
        }
    }

    /// <param name="changed">Called after each change, from one thread; it throws nothing.</param>
    public void Add(Func<IEnumerable<string>> files, Action changed) => _watched.Add(new Watched(files, changed));

    public void Start(TimeSpan every) => _running = LoopAsync(every);

    /// <summary>Looks now.</summary>
    public void Ask() => _asked.Release();

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _running;
        _ends.Dispose();
        _asked.Dispose();
    }

    private async Task LoopAsync(TimeSpan every)
    {
        try
        {
            while (true)
            {
                await _asked.WaitAsync(every, _ends.Token).ConfigureAwait(false);
                foreach (Watched watched in _watched) watched.Look();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
