using Microsoft.IdentityModel.Tokens;

namespace AuthzGraph.Server.Security.Tokens;

/// <summary>
/// The public keys of one issuer. Those of an address are fetched when they are first needed, every few minutes, and at once, though not
/// often, when a token names a key that isn't among them: that is how issuers exchange keys.
/// </summary>
internal sealed class IssuerKeys : IDisposable
{
    private const int MostBytes = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SoonestAgain = TimeSpan.FromSeconds(10);

    private readonly KeySource _source;
    private readonly TimeProvider _time;
    private readonly TimeSpan _every;
    private readonly Action<string> _trouble;
    private readonly HttpClient? _http;
    private readonly SemaphoreSlim _fetching = new(1);
    private volatile Set? _set;
    private long _tried;        // timestamps; 0: never
    private long _fetched;

    private sealed record Set(IReadOnlyList<SecurityKey> Keys);

    /// <param name="trouble">Told when keys can't be had; the former ones are kept.</param>
    /// <exception cref="IOException">A file can't be read.</exception>
    /// <exception cref="InvalidDataException">It holds no keys.</exception>
    public IssuerKeys(KeySource source, TimeProvider time, TimeSpan every, Action<string> trouble)
    {
        (_source, _time, _every, _trouble) = (source, time, every, trouble);
        if (source is KeySource.File file) _set = Parse(File.ReadAllText(file.Path), file.Path);
        else _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Patience, MaxResponseContentBufferSize = MostBytes };
    }

    /// <summary>The keys; null while there are none to be had.</summary>
    public async ValueTask<IReadOnlyList<SecurityKey>?> GetAsync()
    {
        if (_source is KeySource.Address address && (_set is null ? MayTry : IsOld && MayTry)) await FetchAsync(address.Url);
        return _set?.Keys;
    }

    /// <summary>Looks whether there are other keys by now; false when there are not, or when that was tried just now.</summary>
    public async ValueTask<bool> LookAgainAsync()
    {
        if (_source is not KeySource.Address address || !MayTry) return false;
        Set? before = _set;
        await FetchAsync(address.Url);
        return !ReferenceEquals(before, _set);
    }

    public void Dispose()
    {
        _http?.Dispose();
        _fetching.Dispose();
    }

    private bool IsOld => _time.GetElapsedTime(Interlocked.Read(ref _fetched)) >= _every;

    private bool MayTry => Interlocked.Read(ref _tried) is var tried && (tried == 0 || _time.GetElapsedTime(tried) >= SoonestAgain);

    private async Task FetchAsync(Uri url)
    {
        await _fetching.WaitAsync();
        try
        {
            if (!MayTry || _http is null) return;      // somebody else did meanwhile
            Interlocked.Exchange(ref _tried, Math.Max(1, _time.GetTimestamp()));
            string json = await _http.GetStringAsync(url);
            _set = Parse(json, url.ToString());
            Interlocked.Exchange(ref _fetched, _time.GetTimestamp());
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or InvalidDataException or ObjectDisposedException)
        {
            _trouble($"the keys at {url} can't be had: {e.Message}");
        }
        finally
        {
            _fetching.Release();
        }
    }

    private static Set Parse(string json, string where)
    {
        try
        {
            // INVARIANT: public keys only. A shared secret in the set would let everybody who can read the set sign.
            SecurityKey[] keys = [.. new JsonWebKeySet(json).GetSigningKeys().Where(key => key is RsaSecurityKey or ECDsaSecurityKey or X509SecurityKey or JsonWebKey { Kty: "RSA" or "EC" })];
            return keys.Length > 0 ? new Set(keys) : throw new InvalidDataException($"{where} holds no public key");
        }
        catch (Exception e) when (e is ArgumentException or System.Text.Json.JsonException or SecurityTokenException)
        {
            throw new InvalidDataException($"{where} is no JSON Web Key Set", e);
        }
    }
}
