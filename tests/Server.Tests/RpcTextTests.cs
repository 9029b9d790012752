using System.Buffers;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Google.Protobuf;

namespace AuthzGraph.Server.Tests;

public sealed class RpcTextTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("100%", "100%25")]
    [InlineData("a\nb", "a%0Ab")]
    [InlineData("é✓", "%C3%A9%E2%9C%93")]
    public void A_message_is_percent_encoded_and_decoded(string text, string encoded)
    {
        Assert.Equal(encoded, PercentEncoding.Encode(text));
        Assert.Equal(text, PercentEncoding.Decode(encoded));
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    public void What_is_no_escape_stands_for_itself(string encoded, string text) => Assert.Equal(text, PercentEncoding.Decode(encoded));

    [Theory]
    [InlineData("1n", 0)]
    [InlineData("99999999n", 999_999)]
    [InlineData("5u", 50)]
    [InlineData("300m", 3_000_000)]
    [InlineData("7S", 70_000_000)]
    [InlineData("2M", 1_200_000_000)]
    [InlineData("1H", 36_000_000_000)]
    [InlineData("99999999H", 3_599_999_964_000_000_000)]
    public void A_timeout_is_read(string text, long ticks)
    {
        Assert.True(RpcTimeout.TryParse(text, out TimeSpan timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("-5m")]
    [InlineData("5x")]
    [InlineData("123456789m")]
    public void What_is_no_timeout_is_not_read(string text) => Assert.False(RpcTimeout.TryParse(text, out _));

    [Theory]
    [InlineData(0, "1u")]
    [InlineData(1, "1u")]
    [InlineData(10_000_000, "1000000u")]
    [InlineData(10_000_000_000, "1000000m")]
    public void A_timeout_is_written_as_finely_as_it_fits(long ticks, string text) => Assert.Equal(text, RpcTimeout.Format(TimeSpan.FromTicks(ticks)));

    [Fact]
    public void Any_timeout_is_read_back_as_no_less_than_it_was()
    {
        foreach (long ticks in new[] { 1, 999, 1_000_000_007, 600_000_000_000_000_001, long.MaxValue / 3 })
        {
            Assert.True(RpcTimeout.TryParse(RpcTimeout.Format(TimeSpan.FromTicks(ticks)), out TimeSpan timeout));
            Assert.InRange(timeout.Ticks, ticks, long.MaxValue);
        }
    }

    [Fact]
    public void A_frame_is_found_however_its_bytes_arrive()
    {
        var output = new ArrayBufferWriter<byte>();
        CheckRequest question = Words.Check("document:readme#view@user:ann");
        RpcFrame.Write(output, question);
        byte[] bytes = output.WrittenSpan.ToArray();
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            ReadOnlySequence<byte> buffer = InTwo(bytes, cut);
            Assert.True(RpcFrame.TryCut(ref buffer, 1000, out bool compressed, out ReadOnlySequence<byte> payload));
            Assert.True(buffer.IsEmpty);
            Assert.Equal(question, RpcFrame.Parse(CheckRequest.Parser, payload, compressed, null, 1000));
            if (cut == bytes.Length) continue;
            var part = new ReadOnlySequence<byte>(bytes, 0, cut);
            Assert.False(RpcFrame.TryCut(ref part, 1000, out _, out _));
        }
    }

    [Fact]
    public void A_gzipped_frame_is_read_back()
    {
        var output = new ArrayBufferWriter<byte>();
        var schema = new WriteSchemaRequest { Text = new string('a', 100_000) };
        RpcFrame.WriteGzip(output, schema.ToByteArray());
        Assert.InRange(output.WrittenCount, 5, 5_000);
        var buffer = new ReadOnlySequence<byte>(output.WrittenMemory);
        Assert.True(RpcFrame.TryCut(ref buffer, 200_000, out bool compressed, out ReadOnlySequence<byte> payload));
        Assert.Equal(schema, RpcFrame.Parse(WriteSchemaRequest.Parser, payload, compressed, "gzip", 200_000));
    }

    private static ReadOnlySequence<byte> InTwo(byte[] bytes, int cut)
    {
        var first = new Segment(bytes.AsMemory(0, cut), 0);
        Segment second = first.Append(bytes.AsMemory(cut));
        return new ReadOnlySequence<byte>(first, 0, second, bytes.Length - cut);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
