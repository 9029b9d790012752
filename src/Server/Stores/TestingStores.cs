using System.Security.Cryptography;
using System.Text;
using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Server.Stores;

/// <summary>
/// A store in memory for every bearer token, as client test suites expect of <c>--testing</c>: empty when its token is first seen, gone when
/// it was not used for a while. Calls without a token share one.
/// </summary>
internal sealed class TestingStores : IStoreSource, IAsyncDisposable
{
    private readonly GraphOptions _options;
    private readonly GraphMeter _silent = new(mostGraphs: 0);     // tokens are no names to tell stores apart by
    private readonly TimeSpan _idle;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Seat> _seats = new(StringComparer.Ordinal);
    private readonly ITimer _sweeping;

    public TestingStores(GraphOptions options, TimeSpan idle)
    {
        _options = options with { Storage = new StorageLocation.Memory(), Meter = _silent };
        _idle = idle;
        _sweeping = options.Time.CreateTimer(_ => CloseIdle(), null, idle / 4, idle / 4);
    }

    /// <summary>How many there are.</summary>
    public int Count
    {
        get { lock (_gate) return _seats.Count; }
    }

    /// <inheritdoc/>
    public async ValueTask<ServedStore?> ForAsync(HttpContext http, string name)
    {
        Seat seat = Take(KeyOf(http.Request.Headers.Authorization.ToString()));
        http.Response.RegisterForDispose(new Stay(this, seat));
        return await seat.Store;
    }

    public async ValueTask DisposeAsync()
    {
        await _sweeping.DisposeAsync();
        foreach (Seat seat in _seats.Values) await CloseAsync(seat);
        _silent.Dispose();
    }

    private Seat Take(string key)
    {
        lock (_gate)
        {
            if (!_seats.TryGetValue(key, out Seat? seat))
            {
                if (_seats.Count >= _options.Limits.TestingStores) CloseLongestIdle();
                _seats[key] = seat = new Seat(key, OpenAsync());
            }
            seat.Users++;
            return seat;
        }
    }

    private void Leave(Seat seat)
    {
        lock (_gate)
        {
            seat.Users--;
            seat.LeftAt = _options.Time.GetTimestamp();
        }
    }

    private void CloseLongestIdle()
    {
        Seat longest = _seats.Values.Where(s => s.Users == 0).MinBy(s => s.LeftAt) ?? throw StoreRefusals.TooManyTesting(_options.Limits.TestingStores);
        _seats.Remove(longest.Key);
        _ = CloseAsync(longest);
    }

    private void CloseIdle()
    {
        lock (_gate)
        {
            foreach (Seat seat in _seats.Values.Where(s => s.Users == 0 && _options.Time.GetElapsedTime(s.LeftAt) >= _idle).ToArray())
            {
                _seats.Remove(seat.Key);
                _ = CloseAsync(seat);
            }
        }
    }

    private static async Task CloseAsync(Seat seat) => await (await seat.Store).CloseAsync();

    private async Task<ServedStore> OpenAsync() => new("testing", await AuthorizationGraph.OpenAsync(_options));

    // tokens are secrets, of tests too: they are not kept
    private static string KeyOf(string authorization) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(authorization)));

    private sealed class Seat(string key, Task<ServedStore> store)
    {
        public string Key => key;
        public Task<ServedStore> Store => store;
        public int Users { get; set; }
        public long LeftAt { get; set; }
    }

    /// <summary>A call that uses a store, until it ends.</summary>
    private sealed class Stay(TestingStores stores, Seat seat) : IDisposable
    {
        public void Dispose() => stores.Leave(seat);
    }
}
